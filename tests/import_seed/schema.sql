-- The schema of perfevents-result-collector 1.1, written after its documentation: eight tables, sequences that start at distinct decades.
CREATE SEQUENCE exp_id_seq START 1;
CREATE SEQUENCE tool_id_seq START 1;
CREATE SEQUENCE virt_id_seq START 1;
CREATE SEQUENCE vendor_id_seq START 1;
CREATE SEQUENCE kernel_id_seq START 10000;
CREATE SEQUENCE env_id_seq START 1000000;
CREATE SEQUENCE event_id_seq START 1000000;
CREATE SEQUENCE rsl_id_seq START 10000000;
CREATE TABLE experiments (
    exp_id INTEGER PRIMARY KEY DEFAULT nextval('exp_id_seq'),
    name VARCHAR(64) NOT NULL,
    cmd VARCHAR(256),
    description VARCHAR(256),
    systemwide BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE tools (
    tool_id INTEGER PRIMARY KEY DEFAULT nextval('tool_id_seq'),
    name VARCHAR(32) NOT NULL,
    version VARCHAR(32) NOT NULL
);
CREATE TABLE virt (virt_id INTEGER PRIMARY KEY DEFAULT nextval('virt_id_seq'), name VARCHAR(32));
CREATE TABLE vendors (vendor_id INTEGER PRIMARY KEY DEFAULT nextval('vendor_id_seq'), name VARCHAR(16));
CREATE TABLE kernels (kernel_id INTEGER PRIMARY KEY DEFAULT nextval('kernel_id_seq'), name VARCHAR(32));
CREATE TABLE environments (
    env_id INTEGER PRIMARY KEY DEFAULT nextval('env_id_seq'),
    arch VARCHAR(16) NOT NULL,
    microarch VARCHAR(32),
    vendor_id INTEGER REFERENCES vendors,
    family INTEGER,
    model INTEGER,
    stepping INTEGER,
    virt_id INTEGER REFERENCES virt,
    kernel_id INTEGER REFERENCES kernels
);
CREATE TABLE events (
    event_id INTEGER PRIMARY KEY DEFAULT nextval('event_id_seq'),
    name VARCHAR(192) NOT NULL,
    evt_num INTEGER,
    nmask INTEGER,
    idgroup INTEGER
);
CREATE TABLE results (
    rsl_id INTEGER PRIMARY KEY DEFAULT nextval('rsl_id_seq'),
    exp_id INTEGER NOT NULL REFERENCES experiments,
    tool_id INTEGER NOT NULL REFERENCES tools,
    env_id INTEGER NOT NULL REFERENCES environments,
    event_id INTEGER NOT NULL REFERENCES events,
    val FLOAT NOT NULL,
    reliability_manual FLOAT,
    reliability_auto FLOAT
);
INSERT INTO virt (name) VALUES ('none'), ('kvm');
