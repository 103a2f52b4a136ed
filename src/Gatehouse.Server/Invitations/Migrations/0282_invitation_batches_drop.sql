-- contract
-- Many invitations are a job like any other since. What was open in these is not carried over: send it again.
DROP TABLE invitation_batch_rows;
DROP TABLE invitation_batches;
