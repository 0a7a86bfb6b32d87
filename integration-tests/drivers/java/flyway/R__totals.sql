CREATE OR REPLACE VIEW totals AS SELECT customer_id, count(*) FROM purchase GROUP BY customer_id;
