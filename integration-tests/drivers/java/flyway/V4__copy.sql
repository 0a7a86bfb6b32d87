-- Of a script this is sent as COPY, not as statements.
COPY purchase (customer_id, note) FROM STDIN;
1	COPY 1
2	COPY 2
3	COPY 3
\.
