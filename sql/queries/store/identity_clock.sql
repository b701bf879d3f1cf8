-- Now, and what codes and links are sealed to. Rows: now, public key (null: none is published)
select clock.now(), (select public from access.sealing_key order by since desc, id desc limit 1)
