-- What somebody who registers in this run has said so far, and whether the address is hers; the steps make every change of it conditional.
ALTER TABLE interactions ADD COLUMN draft text;
