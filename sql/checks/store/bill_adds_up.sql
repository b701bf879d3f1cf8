-- opening + charged + recalculated + penalty − paid = closing, and a bill begins with what the one before left and what came since.
select b.account, b.month, b.opening, b.closing
from facts.bill b
where b.withdrawn_at is null and b.opening + b.charged + b.recalculated + b.penalty - b.paid <> b.closing
