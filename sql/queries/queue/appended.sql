-- Which of these commands are there. $1 ids uuid[]. Rows: o (position from 1)
select u.o from unnest($1::uuid[]) with ordinality u(id, o) join queue.command c on c.id = u.id
