-- The operators' role keeps the demo residents of a local system up to date.
grant update (name) on access.principal to kabinet_operator;
