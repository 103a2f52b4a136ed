-- Clients by name.
CREATE INDEX clients_name ON clients (tenant_id, name_search, id);
