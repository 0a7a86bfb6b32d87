ALTER TABLE "customer" ALTER COLUMN "id" SET NOT NULL, ADD CONSTRAINT "customer_pkey" PRIMARY KEY ("id");

CREATE TABLE "purchase" (
    "id" SERIAL NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "note" TEXT NOT NULL DEFAULT 'none',
    CONSTRAINT "purchase_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "purchase" ADD CONSTRAINT "purchase_customer_id_fkey"
    FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
