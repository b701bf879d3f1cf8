-- Kept for identity, which is made beside this: numbers have no gap, and none is used again. It changes nothing.
select
