namespace Gatehouse.Storage.Postgres;

/// <summary>
/// The second wall: every table with a <c>tenant_id</c> shows a transaction only the rows of the tenant it named. Applied by the runner
/// after each migration to whatever tables exist, so that no migration can forget it. FORCE binds the tables' owner too; only a
/// superuser escapes, and start-up warns of one.
/// </summary>
internal static class RowLevelSecurity
{
    internal static readonly string[] Statements =
    [
        """
        DO $rls$
        DECLARE t record;
        BEGIN
          FOR t IN
            SELECT c.relname FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p')
              AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant_wall')
          LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.relname);
            EXECUTE format('CREATE POLICY tenant_wall ON %I USING (current_setting(''app.tenant'', true) = ''*'' OR tenant_id::text = current_setting(''app.tenant'', true))', t.relname);
          END LOOP;
        END
        $rls$
        """,
    ];
}
