exports.up = async (knex) => {
  await knex.raw('INSERT INTO purchase (customer_id) SELECT n FROM generate_series(1, 1000) n');
  await knex.schema.alterTable('purchase', (table) => table.text('note').notNullable().defaultTo('none'));
};

exports.down = (knex) => knex.schema.alterTable('purchase', (table) => table.dropColumn('note'));
