-- Notices that will not arrive by their channel. $1 commands uuid[]. Rows: command, key
select command, key from facts.notice where command = any ($1::uuid[]) and state in ('refused', 'failed')
