-- What Alembic 1.19 with SQLAlchemy 2.0 makes on SQLite of the sample project: upgrade to 84f0b6d2c1e9, seed.sql,
-- upgrade to head, with the two constraint steps of a5e31c90d7b2 written as batch_alter_table.
-- 'now' stands for the time of the run.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES('e91b42d7f038');
CREATE TABLE categories (
	name VARCHAR(80) NOT NULL, 
	id INTEGER NOT NULL, 
	created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, 
	updated_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO categories VALUES('Games',10,'2025-01-01 00:00:01','2025-01-01 00:00:02');
INSERT INTO categories VALUES('Books',11,'now','now');
INSERT INTO categories VALUES('Designers'' fonts',12,'now','now');
INSERT INTO categories VALUES('Sounds; loops and samples',13,'now','now');
CREATE TABLE users (
	telegram_id BIGINT NOT NULL, 
	username VARCHAR(64), 
	first_name VARCHAR(64), 
	id INTEGER NOT NULL, 
	created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, 
	updated_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, last_name VARCHAR(64), 
	PRIMARY KEY (id), 
	UNIQUE (telegram_id)
);
INSERT INTO users VALUES(9007199254740993,'ada','Ada',1,'2025-01-01 00:00:03','2025-01-01 00:00:04',NULL);
INSERT INTO users VALUES(42,'o''brien',NULL,2,'2025-01-01 00:00:05','2025-01-01 00:00:06',NULL);
CREATE TABLE products (
	name VARCHAR(120) NOT NULL, 
	description TEXT, 
	price INTEGER NOT NULL, 
	category_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, 
	updated_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, file_id TEXT, hidden_content TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(category_id) REFERENCES categories (id)
);
INSERT INTO products VALUES('Chess',NULL,500,10,1,'2025-01-01 00:00:07','2025-01-01 00:00:08','file-1','key-1');
INSERT INTO products VALUES('Go','board; stones -- двести',700,10,2,'2025-01-01 00:00:09','2025-01-01 00:00:10',NULL,'');
CREATE TABLE IF NOT EXISTS "purchases" (
	user_id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	price INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, 
	updated_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, 
	payment_id VARCHAR(64), 
	payment_type VARCHAR(20) DEFAULT 'card' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_purchases_payment_id UNIQUE (payment_id), 
	FOREIGN KEY(product_id) REFERENCES products (id), 
	FOREIGN KEY(user_id) REFERENCES users (id)
);
INSERT INTO purchases VALUES(1,1,500,1,'2025-01-01 00:00:11','2025-01-01 00:00:12','p-1','card');
INSERT INTO purchases VALUES(2,1,450,2,'2025-01-01 00:00:13','2025-01-01 00:00:14',NULL,'stars');
INSERT INTO purchases VALUES(2,2,700,7,'2025-01-01 00:00:15','2025-01-01 00:00:16','p-7','card');
CREATE TABLE IF NOT EXISTS "reports" (
	title VARCHAR(120) NOT NULL, 
	month VARCHAR(7) NOT NULL, 
	revenue INTEGER DEFAULT '0' NOT NULL, 
	id INTEGER NOT NULL, 
	created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, 
	updated_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, 
	category_id INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_reports_category_id FOREIGN KEY(category_id) REFERENCES categories (id) ON DELETE SET NULL
);
INSERT INTO reports VALUES('Sales of December','2024-12',1650,1,'now','now',NULL);
CREATE INDEX ix_reports_month ON reports (month);
CREATE INDEX ix_purchases_user_id_created_at ON purchases (user_id, created_at);
COMMIT;
