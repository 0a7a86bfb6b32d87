"""A table of production's, and one of the project's own."""

from django.db import models


class Product(models.Model):
    name = models.TextField(unique=True)


class Purchase(models.Model):
    product = models.ForeignKey(Product, models.CASCADE)
    amount = models.IntegerField(default=1)
