-- Commands that were appended anew. $1 actor, $2 why text, $3 old commands, $4 new ones uuid[]
insert into operations.audit (actor, action, organization, details)
select $1::text, 'command.retried', c.organization,
       jsonb_build_object('command', c.id, 'new', u.new, 'kind', c.kind, 'why', $2::text)
from unnest($3::uuid[], $4::uuid[]) with ordinality u(old, new, o) join queue.command c on c.id = u.old order by u.o
