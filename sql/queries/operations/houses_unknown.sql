-- Which of these houses nothing is known of: neither an account, nor a house with settings of its own, nor a meter of one.
-- $1 organization text, $2 houses text[]. Rows: house
select u.house from unnest($2::text[]) u(house)
where not exists (select from facts.house k where k.organization = $1::text and k.code = u.house)
  and not exists (select from facts.house_meter k where k.organization || '/' || k.house = $1::text || '/' || u.house)
  and not exists (select from facts.account k
                  where (k.organization || '/' || coalesce(k.house, '')) collate "C" = $1::text || '/' || u.house
                    and k.house = u.house)
order by u.house
