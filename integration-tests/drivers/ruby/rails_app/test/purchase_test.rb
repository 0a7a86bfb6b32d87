# Runs in the test database, which db:test:prepare makes anew in the environment.
require_relative '../config/environment'
require 'rails/test_help'

class PurchaseTest < ActiveSupport::TestCase
  test 'is in the environment' do
    assert_equal ENV['ENVIRONMENT'], Purchase.connection.select_value('SHOW understudy.environment')
    assert_equal 'shop_test', Purchase.connection.select_value('SELECT current_database()')
  end

  test 'rows are rolled back' do
    assert_equal 0, Purchase.count
    Purchase.create!(customer_id: 1, note: 'once')
    assert_equal 'once', Purchase.where(amount: 1).first.note
  end

  test 'rows are rolled back here, too' do
    assert_equal 0, Purchase.count
    Purchase.create!(customer_id: 1, note: 'once')
    error = assert_raises(ActiveRecord::RecordNotUnique) { Purchase.create!(customer_id: 2, note: 'once') }
    assert_equal '23505', error.cause.result.error_field(PG::PG_DIAG_SQLSTATE)
  end
end
