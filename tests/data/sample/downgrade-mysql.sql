-- Running downgrade e91b42d7f038 -> c6f3a9e81d27

ALTER TABLE users DROP COLUMN last_name;

UPDATE alembic_version SET version_num='c6f3a9e81d27' WHERE alembic_version.version_num = 'e91b42d7f038';

-- Running downgrade c6f3a9e81d27 -> d20b7c58e4a1, b8d05f1e6a90

INSERT INTO alembic_version (version_num) VALUES ('d20b7c58e4a1');

UPDATE alembic_version SET version_num='b8d05f1e6a90' WHERE alembic_version.version_num = 'c6f3a9e81d27';

-- Running downgrade d20b7c58e4a1 -> 9c41e07b2d55

UPDATE purchases SET payment_type = 'card' WHERE payment_type = 'stars';

DELETE FROM categories
        WHERE name IN ('Books', 'Designers'' fonts', 'Sounds; loops and samples')
        AND id NOT IN (SELECT category_id FROM products);

UPDATE alembic_version SET version_num='9c41e07b2d55' WHERE alembic_version.version_num = 'd20b7c58e4a1';

-- Running downgrade 9c41e07b2d55 -> a5e31c90d7b2

ALTER TABLE purchases DROP FOREIGN KEY purchases_ibfk_2;

DROP INDEX ix_purchases_user_id_created_at ON purchases;

ALTER TABLE purchases ADD CONSTRAINT purchases_ibfk_2 FOREIGN KEY(user_id) REFERENCES users (id);

DELETE FROM alembic_version WHERE alembic_version.version_num = '9c41e07b2d55';

-- Running downgrade b8d05f1e6a90 -> 77aa10c3f2be

DELETE FROM reports WHERE title = 'Sales of December';

ALTER TABLE reports DROP FOREIGN KEY fk_reports_category_id;

ALTER TABLE reports DROP COLUMN category_id;

INSERT INTO alembic_version (version_num) VALUES ('77aa10c3f2be');

UPDATE alembic_version SET version_num='a5e31c90d7b2' WHERE alembic_version.version_num = 'b8d05f1e6a90';

-- Running downgrade 77aa10c3f2be -> 61d7e2a94f03

DROP INDEX ix_reports_month ON reports;

DROP TABLE reports;

DELETE FROM alembic_version WHERE alembic_version.version_num = '77aa10c3f2be';

-- Running downgrade a5e31c90d7b2 -> 84f0b6d2c1e9

ALTER TABLE purchases DROP INDEX uq_purchases_payment_id;

ALTER TABLE purchases DROP COLUMN payment_type;

UPDATE alembic_version SET version_num='84f0b6d2c1e9' WHERE alembic_version.version_num = 'a5e31c90d7b2';

-- Running downgrade 84f0b6d2c1e9 -> 61d7e2a94f03

ALTER TABLE purchases DROP COLUMN payment_id;

UPDATE alembic_version SET version_num='61d7e2a94f03' WHERE alembic_version.version_num = '84f0b6d2c1e9';

-- Running downgrade 61d7e2a94f03 -> 10c4a8f7be55

ALTER TABLE products DROP COLUMN hidden_content;

ALTER TABLE products DROP COLUMN file_id;

UPDATE alembic_version SET version_num='10c4a8f7be55' WHERE alembic_version.version_num = '61d7e2a94f03';

-- Running downgrade 10c4a8f7be55 -> 

DROP TABLE purchases;

DROP TABLE products;

DROP TABLE users;

DROP TABLE categories;

DELETE FROM alembic_version WHERE alembic_version.version_num = '10c4a8f7be55';

