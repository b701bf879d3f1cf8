-- Which houses have accounts of these companies. $1 organization text, $2 companies, $3 houses text[]. Rows: house
select u.house
from unnest($3::text[]) u(house)
where exists (
  select from unnest($2::text[]) c(company)
  cross join lateral (select from facts.account k
                      where k.organization = $1::text and k.company = c.company and k.company <> ''
                        and k.house = u.house and k.house is not null limit 1) a)
