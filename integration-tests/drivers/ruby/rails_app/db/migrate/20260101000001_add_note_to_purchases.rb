class AddNoteToPurchases < ActiveRecord::Migration[6.1]
  def change
    add_column :purchases, :note, :text
    add_index :purchases, :note, unique: true
  end
end
