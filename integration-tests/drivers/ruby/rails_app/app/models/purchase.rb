class Purchase < ActiveRecord::Base
end
