"""What the test runner runs, in a database of its own that it makes and drops in the environment."""

import os

from django.db import DataError, IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase
from shop.models import Product, Purchase


class ShopTest(TestCase):
    def test_is_in_the_environment(self):
        with connection.cursor() as cursor:
            cursor.execute("SHOW understudy.environment")
            self.assertEqual(cursor.fetchone()[0], os.environ["ENVIRONMENT"])
            cursor.execute("SELECT current_database()")
            self.assertEqual(cursor.fetchone()[0], "test_" + os.environ["DATABASE"])

    def test_rows_of_the_migration(self):
        self.assertEqual(Product.objects.count(), 1000)
        Purchase.objects.create(product=Product.objects.get(name="product 7"))
        self.assertEqual(Purchase.objects.select_related("product").get().product.name, "product 7")

    def test_sqlstates(self):
        for action, code in [
            (lambda: Product.objects.create(name="product 7"), "23505"),
            (lambda: Product.objects.extra(select={"broken": "1 / 0"}).first(), "22012"),
        ]:
            with self.assertRaises((IntegrityError, DataError)) as caught, transaction.atomic():
                action()
            self.assertEqual(caught.exception.__cause__.pgcode, code)


class TruncatingTest(TransactionTestCase):
    def test_rows_are_truncated_after_it(self):
        Product.objects.create(name="one more")
