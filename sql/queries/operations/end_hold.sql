-- A hold ends if nothing is left behind place $2. $1 hold int8, $2 position int8, $3 single bool. Rows: none when it goes on
delete from queue.hold h where h.id = $1::int8
  and ($3::bool or not exists (select from queue.parked p where p.hold = h.id and p.n > $2::int8))
returning h.id
