-- What the door seals and signs with. Rows: the public key that secrets are sealed to now (null: none is published), the key
-- that all doors share
select (select public from access.sealing_key order by since desc, id desc limit 1), key from access.door_key
