-- Which of these commands are there. $1 ids uuid[]. Rows: o (position from 1)
select u.o from unnest($1::uuid[]) with ordinality u(id, o)
cross join lateral (select from queue.command k where k.id = u.id offset 0) c
