-- Lets nobody in until this transaction ends, and waits for those who are: what they began, they have committed
lock table kabinet.migration in access exclusive mode
