# A project with one table of production's and one of its own.
require 'rails'
require 'active_record/railtie'
require 'rails/test_unit/railtie'

class Shop < Rails::Application
  config.root = File.expand_path('..', __dir__)
  config.eager_load = false
  config.secret_key_base = 'walk'
  config.logger = Logger.new(nil)
end
