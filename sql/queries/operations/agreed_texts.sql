-- What people were asked to agree to, by version: the newest text of each, of all profiles that were ever in force.
-- $1 organizations text[]. Rows: organization, which (terms, or the purpose of a consent), version, text
select distinct on (p.organization, t.which, t.version) p.organization, t.which, t.version, t.text
from access.profile p
cross join lateral (
  select 'terms' as which, p.profile #>> '{identity,terms,version}' as version, p.profile #>> '{identity,terms,text}' as text
  union all
  select e.one ->> 'purpose', e.one ->> 'version', e.one ->> 'text'
  from jsonb_array_elements(p.profile #> '{identity,services}') e(one)) t
where p.organization = any ($1::text[]) and t.version is not null
order by p.organization, t.which, t.version, p.valid_from desc
