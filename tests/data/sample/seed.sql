INSERT INTO categories (id, name, created_at, updated_at) VALUES (10, 'Games', '2025-01-01 00:00:01', '2025-01-01 00:00:02');
INSERT INTO users (id, telegram_id, username, first_name, created_at, updated_at) VALUES (1, 9007199254740993, 'ada', 'Ada', '2025-01-01 00:00:03', '2025-01-01 00:00:04');
INSERT INTO users (id, telegram_id, username, created_at, updated_at) VALUES (2, 42, 'o''brien', '2025-01-01 00:00:05', '2025-01-01 00:00:06');
INSERT INTO products (id, name, description, price, category_id, file_id, hidden_content, created_at, updated_at) VALUES (1, 'Chess', NULL, 500, 10, 'file-1', 'key-1', '2025-01-01 00:00:07', '2025-01-01 00:00:08');
INSERT INTO products (id, name, description, price, category_id, hidden_content, created_at, updated_at) VALUES (2, 'Go', 'board; stones -- двести', 700, 10, '', '2025-01-01 00:00:09', '2025-01-01 00:00:10');
INSERT INTO purchases (id, user_id, product_id, price, payment_id, created_at, updated_at) VALUES (1, 1, 1, 500, 'p-1', '2025-01-01 00:00:11', '2025-01-01 00:00:12');
INSERT INTO purchases (id, user_id, product_id, price, payment_id, created_at, updated_at) VALUES (2, 2, 1, 450, NULL, '2025-01-01 00:00:13', '2025-01-01 00:00:14');
INSERT INTO purchases (id, user_id, product_id, price, payment_id, created_at, updated_at) VALUES (7, 2, 2, 700, 'p-7', '2025-01-01 00:00:15', '2025-01-01 00:00:16');
