INSERT INTO categories (id, name) VALUES (10, 'Games');
INSERT INTO users (id, telegram_id, username, first_name) VALUES (1, 9007199254740993, 'ada', 'Ada');
INSERT INTO users (id, telegram_id, username) VALUES (2, 42, 'o''brien');
INSERT INTO products (id, name, description, price, category_id, hidden_content) VALUES (1, 'Chess', NULL, 500, 10, 'key-1');
INSERT INTO products (id, name, description, price, category_id, hidden_content) VALUES (2, 'Go', 'board; stones', 700, 10, '');
INSERT INTO purchases (id, user_id, product_id, price, payment_id) VALUES (1, 1, 1, 500, 'p-1');
INSERT INTO purchases (id, user_id, product_id, price, payment_id) VALUES (2, 2, 1, 450, NULL);
INSERT INTO purchases (id, user_id, product_id, price, payment_id) VALUES (3, 2, 2, 700, 'p-3');
