DROP TABLE bindings;
DROP TABLE events;
DROP TABLE sightings;
