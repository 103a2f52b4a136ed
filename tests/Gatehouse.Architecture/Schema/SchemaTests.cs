namespace Gatehouse.Architecture.Schema;

public sealed class SchemaTests
{
    // Uniqueness across tenants, where that is the point. Each says why.
    private static readonly Dictionary<string, string> Meant = new()
    {
        ["the unique index on tenant_domains (host, path) does not start with tenant_id"] = "A host and path lead to one tenant; which one is what routing asks.",
        ["'drop trigger audit_entries_insert' does not expand: the version before may still need what it changes"] = "Made anew by the next statement, and lets the version before write as it did.",
        ["'drop trigger audit_entries_update' does not expand: the version before may still need what it changes"] = "As the trigger for inserts.",
        ["'drop trigger audit_entries_delete' does not expand: the version before may still need what it changes"] = "As the trigger for inserts; that version deletes nothing.",
    };

    [Fact]
    public void The_products_migrations_isolate_tenants_run_on_both_databases_and_only_expand()
    {
        MigrationScript.Product().Count.ShouldBeGreaterThan(5);
        var faults = SchemaRules.Faults(MigrationScript.Product());
        faults.Where(f => !Meant.Keys.Any(m => f.EndsWith(m, StringComparison.Ordinal))).ShouldBeEmpty();
        Meant.Keys.Where(m => !faults.Any(f => f.EndsWith(m, StringComparison.Ordinal))).ShouldBeEmpty("an exception that nothing needs");
    }

    private const string Good = """
        CREATE TABLE users (
          tenant_id uuid NOT NULL,
          id uuid NOT NULL,
          note text DEFAULT ('a, b'),
          PRIMARY KEY (tenant_id, id)
        );
        CREATE TABLE emails (
          tenant_id uuid NOT NULL,
          id uuid NOT NULL,
          user_id uuid NOT NULL CHECK (user_id <> id),
          PRIMARY KEY (tenant_id, id),
          UNIQUE (tenant_id, user_id),
          FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX one ON emails (tenant_id, user_id) WHERE id <> user_id;
        CREATE INDEX two ON emails (user_id DESC);
        ALTER TABLE users ADD COLUMN locale text;
        ALTER TABLE users ADD COLUMN version bigint NOT NULL DEFAULT 1;
        UPDATE users SET locale = 'en';
        """;

    private static IReadOnlyList<string> Faults(string text, string part = "") =>
        SchemaRules.Faults([MigrationScript.Parse("src/S/Users/Migrations/0001_a.sql", Good), MigrationScript.Parse($"src/S/Users/Migrations/0002_b{part}.sql", text)]);

    [Fact]
    public void A_good_migration_has_no_faults() => Faults("").ShouldBeEmpty();

    [Theory]
    [InlineData("CREATE TABLE t (id uuid NOT NULL, tenant_id uuid NOT NULL, PRIMARY KEY (id, tenant_id));", "does not start with tenant_id")]
    [InlineData("CREATE TABLE t (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);", "does not start with tenant_id")]
    [InlineData("CREATE TABLE t (tenant_id uuid NOT NULL, id uuid UNIQUE, PRIMARY KEY (tenant_id, id));", "does not start with tenant_id")]
    [InlineData("CREATE TABLE t (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id), CONSTRAINT x UNIQUE (id));", "does not start with tenant_id")]
    [InlineData("CREATE TABLE t (tenant_id uuid NOT NULL, id uuid REFERENCES users (id), PRIMARY KEY (tenant_id, id));", "foreign key of t")]
    [InlineData("CREATE TABLE t (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, id) REFERENCES users (id, tenant_id));", "target in users")]
    [InlineData("CREATE TABLE t (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id));", "not uuid NOT NULL")]
    [InlineData("CREATE TABLE t (tenant_id text NOT NULL, id uuid, PRIMARY KEY (tenant_id, id));", "not uuid NOT NULL")]
    [InlineData("CREATE TABLE t (tenant_id uuid NOT NULL, id integer, PRIMARY KEY (tenant_id, id));", "has type integer")]
    [InlineData("CREATE TABLE t (tenant_id uuid NOT NULL, id varchar(20), PRIMARY KEY (tenant_id, id));", "has type varchar(20)")]
    [InlineData("CREATE TABLE t (tenant_id uuid NOT NULL, id uuid);", "no primary key")]
    [InlineData("CREATE TABLE t (id uuid PRIMARY KEY) WITHOUT ROWID;", "not portable")]
    [InlineData("CREATE TABLE users (id uuid PRIMARY KEY);", "made 2 times")]
    [InlineData("CREATE UNIQUE INDEX i ON users (id);", "unique index on users")]
    [InlineData("CREATE UNIQUE INDEX i ON users (lower(note), tenant_id);", "unique index on users")]
    [InlineData("ALTER TABLE users ADD COLUMN x text NOT NULL;", "without a default")]
    [InlineData("ALTER TABLE users ADD COLUMN x text UNIQUE;", "unique across tenants")]
    [InlineData("ALTER TABLE users ADD COLUMN x serial;", "has type serial")]
    [InlineData("ALTER TABLE vault ADD COLUMN tenant_id uuid;", "from the start")]
    [InlineData("ALTER TABLE users DROP COLUMN note;", "does not expand")]
    [InlineData("ALTER TABLE users RENAME COLUMN note TO remark;", "does not expand")]
    [InlineData("ALTER TABLE users ALTER COLUMN note TYPE jsonb;", "does not expand")]
    [InlineData("ALTER TABLE users ADD CONSTRAINT c UNIQUE (id);", "does not expand")]
    [InlineData("DROP TABLE users;", "does not expand")]
    [InlineData("DELETE FROM users;", "deletes rows")]
    [InlineData("CREATE VIEW v AS SELECT 1;", "not portable")]
    public void A_planted_fault_is_found(string statement, string fault) => Faults(statement).ShouldContain(f => f.Contains(fault));

    [Theory]
    [InlineData("ALTER TABLE users ALTER COLUMN note TYPE text COLLATE \"C\";", ".postgres")]
    [InlineData("DROP INDEX two;", ".postgres")]
    [InlineData("CREATE TABLE extra (id uuid PRIMARY KEY);", ".sqlite")]
    public void A_dialects_own_file_escapes_nothing(string statement, string part) => Faults(statement, part).ShouldNotBeEmpty();

    [Fact]
    public void A_contracting_migration_may_drop() => Faults("-- contract\nALTER TABLE users DROP COLUMN note;\nDROP TABLE emails;").ShouldBeEmpty();
}
