DROP TABLE judged;
DROP TABLE judgements;
DROP TABLE verdicts;
