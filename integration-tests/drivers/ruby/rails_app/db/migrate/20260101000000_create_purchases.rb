class CreatePurchases < ActiveRecord::Migration[6.1]
  def change
    reversible do |direction|
      direction.up { execute 'ALTER TABLE customer ADD PRIMARY KEY (id)' if table_exists?(:customer) }
      direction.down { execute 'ALTER TABLE customer DROP CONSTRAINT customer_pkey' if table_exists?(:customer) }
    end
    create_table :purchases do |table|
      table.integer :customer_id, null: false, index: true
      table.integer :amount, null: false, default: 1
    end
  end
end
