-- Commands of held subjects step aside, in the order of the claim. $1 holds int8[], $2 commands uuid[]
insert into queue.parked (hold, command)
select hold, command from unnest($1::int8[], $2::uuid[]) with ordinality u(hold, command, o) order by o
