-- Organizations with the profile in force. $1 codes text[] (null: all). Rows: code, profile, valid_from
select code, profile, valid_from from access.organization
where $1::text[] is null or code = any ($1::text[]) order by code
