-- Nothing but views came with it.
SELECT 1;
