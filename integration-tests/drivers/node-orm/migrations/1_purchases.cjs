exports.up = async (knex) => {
  await knex.schema.alterTable('customer', (table) => table.primary(['id']));
  await knex.schema.createTable('purchase', (table) => {
    table.increments();
    table.integer('customer_id').notNullable().references('customer.id').index();
  });
};

exports.down = async (knex) => {
  await knex.schema.dropTable('purchase');
  await knex.schema.alterTable('customer', (table) => table.dropPrimary());
};
