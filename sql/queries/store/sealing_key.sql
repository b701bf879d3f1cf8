-- The newest published sealing key. Rows: public bytea, or none
select public from access.sealing_key order by since desc, id desc limit 1
