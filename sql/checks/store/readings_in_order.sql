-- From month to month, the readings that count were taken on days that never go back.
select meter, month, taken_on, before
from (select meter, month, taken_on, lag(taken_on) over (partition by meter order by month) as before
      from facts.reading where state = 'effective') r
where taken_on < before
