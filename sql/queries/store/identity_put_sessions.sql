-- Sessions as they are now. $1 rows jsonb
insert into access.session (hash, id, organization, principal, created_at, longest_at, idle, seen_at, expires_at,
  remembered, agent, address, half, ended_at, ended_why)
select decode(hash, 'hex'), id, organization, principal, identity.moment(created_at), identity.moment(longest_at), idle,
       identity.moment(seen_at), identity.moment(expires_at), remembered, agent, address, half,
       identity.moment(ended_at), ended_why
from jsonb_to_recordset($1::jsonb) r(hash text, id uuid, organization text, principal int8, created_at int8,
  longest_at int8, idle int8, seen_at int8, expires_at int8, remembered bool, agent text, address text, half bool,
  ended_at int8, ended_why text)
on conflict (hash) do update set longest_at = excluded.longest_at, seen_at = excluded.seen_at,
  expires_at = excluded.expires_at, half = excluded.half, ended_at = excluded.ended_at, ended_why = excluded.ended_why
