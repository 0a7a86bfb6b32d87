import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    product = apps.get_model("shop", "Product")
    product.objects.bulk_create(product(name=f"product {n}") for n in range(1000))


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("Product", "name", models.TextField(unique=True)),
        migrations.CreateModel(
            "Purchase",
            [
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.IntegerField(default=1)),
                ("product", models.ForeignKey("shop.Product", django.db.models.deletion.CASCADE)),
            ],
        ),
    ]
