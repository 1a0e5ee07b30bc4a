CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 10c4a8f7be55

CREATE TABLE categories (
    name VARCHAR(80) NOT NULL, 
    id INTEGER NOT NULL AUTO_INCREMENT, 
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    PRIMARY KEY (id), 
    UNIQUE (name)
);

CREATE TABLE users (
    telegram_id BIGINT NOT NULL, 
    username VARCHAR(64), 
    first_name VARCHAR(64), 
    id INTEGER NOT NULL AUTO_INCREMENT, 
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    PRIMARY KEY (id), 
    UNIQUE (telegram_id)
);

CREATE TABLE products (
    name VARCHAR(120) NOT NULL, 
    description TEXT, 
    price INTEGER NOT NULL, 
    category_id INTEGER NOT NULL, 
    id INTEGER NOT NULL AUTO_INCREMENT, 
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    PRIMARY KEY (id), 
    FOREIGN KEY(category_id) REFERENCES categories (id)
);

CREATE TABLE purchases (
    user_id INTEGER NOT NULL, 
    product_id INTEGER NOT NULL, 
    price INTEGER NOT NULL, 
    id INTEGER NOT NULL AUTO_INCREMENT, 
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    PRIMARY KEY (id), 
    FOREIGN KEY(product_id) REFERENCES products (id), 
    FOREIGN KEY(user_id) REFERENCES users (id)
);

INSERT INTO alembic_version (version_num) VALUES ('10c4a8f7be55');

-- Running upgrade 10c4a8f7be55 -> 61d7e2a94f03

ALTER TABLE products ADD COLUMN file_id TEXT;

ALTER TABLE products ADD COLUMN hidden_content TEXT NOT NULL DEFAULT '';

UPDATE alembic_version SET version_num='61d7e2a94f03' WHERE alembic_version.version_num = '10c4a8f7be55';

-- Running upgrade 61d7e2a94f03 -> 84f0b6d2c1e9

ALTER TABLE purchases ADD COLUMN payment_id VARCHAR(64);

UPDATE alembic_version SET version_num='84f0b6d2c1e9' WHERE alembic_version.version_num = '61d7e2a94f03';

-- Running upgrade 84f0b6d2c1e9 -> a5e31c90d7b2

ALTER TABLE purchases ADD COLUMN payment_type VARCHAR(20) NOT NULL DEFAULT 'card';

ALTER TABLE purchases ADD CONSTRAINT uq_purchases_payment_id UNIQUE (payment_id);

UPDATE alembic_version SET version_num='a5e31c90d7b2' WHERE alembic_version.version_num = '84f0b6d2c1e9';

-- Running upgrade 61d7e2a94f03 -> 77aa10c3f2be

CREATE TABLE reports (
    title VARCHAR(120) NOT NULL, 
    month VARCHAR(7) NOT NULL, 
    revenue INTEGER NOT NULL DEFAULT '0', 
    id INTEGER NOT NULL AUTO_INCREMENT, 
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, 
    PRIMARY KEY (id)
);

CREATE INDEX ix_reports_month ON reports (month);

INSERT INTO alembic_version (version_num) VALUES ('77aa10c3f2be');

-- Running upgrade 77aa10c3f2be -> b8d05f1e6a90

ALTER TABLE reports ADD COLUMN category_id INTEGER;

ALTER TABLE reports ADD CONSTRAINT fk_reports_category_id FOREIGN KEY(category_id) REFERENCES categories (id) ON DELETE SET NULL;

INSERT INTO reports (title, month, revenue)
        SELECT 'Sales of December', '2024-12', coalesce(sum(price), 0) FROM purchases
        WHERE payment_type = 'card';

DELETE FROM alembic_version WHERE alembic_version.version_num = '77aa10c3f2be';

UPDATE alembic_version SET version_num='b8d05f1e6a90' WHERE alembic_version.version_num = 'a5e31c90d7b2';

-- Running upgrade a5e31c90d7b2 -> 9c41e07b2d55

CREATE INDEX ix_purchases_user_id_created_at ON purchases (user_id, created_at);

INSERT INTO alembic_version (version_num) VALUES ('9c41e07b2d55');

-- Running upgrade 9c41e07b2d55 -> d20b7c58e4a1

INSERT INTO categories (name) VALUES ('Books');

INSERT INTO categories (name) VALUES ('Designers'' fonts');

INSERT INTO categories (name) VALUES ('Sounds; loops and samples');

UPDATE purchases SET payment_type = 'stars' WHERE payment_id IS NULL;

UPDATE alembic_version SET version_num='d20b7c58e4a1' WHERE alembic_version.version_num = '9c41e07b2d55';

-- Running upgrade d20b7c58e4a1, b8d05f1e6a90 -> c6f3a9e81d27

DELETE FROM alembic_version WHERE alembic_version.version_num = 'd20b7c58e4a1';

UPDATE alembic_version SET version_num='c6f3a9e81d27' WHERE alembic_version.version_num = 'b8d05f1e6a90';

-- Running upgrade c6f3a9e81d27 -> e91b42d7f038

ALTER TABLE users ADD COLUMN last_name VARCHAR(64);

UPDATE alembic_version SET version_num='e91b42d7f038' WHERE alembic_version.version_num = 'c6f3a9e81d27';

