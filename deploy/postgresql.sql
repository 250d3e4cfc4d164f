CREATE ROLE avustuspaneeli LOGIN;
CREATE DATABASE avustuspaneeli OWNER avustuspaneeli ENCODING 'UTF8' TEMPLATE template0;
