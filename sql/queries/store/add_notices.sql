-- What people are to be told. $1 commands uuid[], $2 organizations, $3 keys, $4 channels, $5 notices, $6 contacts (masked)
-- text[], $7 the notices that they stand in for uuid[]. Rows: command of each whose key is new
insert into facts.notice (command, organization, key, channel, notice, contact, first, queued_at)
select command, organization, key, channel, notice, contact, first, clock.now()
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[])
  u(command, organization, key, channel, notice, contact, first)
on conflict do nothing returning command
