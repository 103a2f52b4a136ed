namespace Gatehouse.Architecture.Sql;

internal sealed partial class SqlParser
{
    private SqlQuery Query(List<CommonTable> with)
    {
        List<QueryArm> arms = [Arm()];
        while (TryTake("union") || TryTake("intersect") || TryTake("except"))
        {
            if (!TryTake("all")) TryTake("distinct");
            arms.Add(Arm());
        }
        List<SqlExpression> tail = [];
        if (TryTake("order"))
        {
            Take("by");
            tail.AddRange(Ordering());
        }
        while (TryTake("limit") || TryTake("offset")) tail.Add(Expression());
        // Row locks are PostgreSQL's; they change no result.
        if (TryTake("for"))
        {
            if (!TryTake("no")) { if (!TryTake("update")) Take("share"); }
            else { Take("key"); Take("update"); }
            if (TryTake("skip")) Take("locked");
            else TryTake("nowait");
        }
        return new(with, arms, tail);
    }

    private QueryArm Arm()
    {
        if (TryTake("values"))
        {
            List<RowValue> rows = [];
            do
            {
                Take("(");
                rows.Add(new(Expressions()));
                Take(")");
            }
            while (TryTake(","));
            return new ValuesArm(rows);
        }
        if (Is("(")) throw new SqlSyntaxException("Parentheses around an arm of a set operation are not portable.");
        Take("select");
        if (!TryTake("distinct")) TryTake("all");
        var items = Items();
        var from = TryTake("from") ? From() : null;
        var where = TryTake("where") ? Expression() : null;
        List<SqlExpression> rest = [];
        if (TryTake("group"))
        {
            Take("by");
            rest.AddRange(Expressions());
        }
        if (TryTake("having")) rest.Add(Expression());
        return new SelectArm(items, from, where, rest);
    }

    private List<SelectItem> Items()
    {
        List<SelectItem> items = [];
        do
        {
            if (TryTake("*")) items.Add(new(null, null));
            else if (Is(".", 1) && Is("*", 2))
            {
                at += 3;
                items.Add(new(null, null));
            }
            else
            {
                var value = Expression();
                var alias = TryTake("as") || (Current.Kind == TokenKind.Word && !Reserved.Contains(Current.Text)) || Current.Kind == TokenKind.QuotedName ? Name() : null;
                items.Add(new(value, alias));
            }
        }
        while (TryTake(","));
        return items;
    }

    private FromItem From()
    {
        var item = Joined();
        while (TryTake(",")) item = new Join(JoinKind.Inner, item, Joined(), null, []);
        return item;
    }

    private FromItem Joined()
    {
        var item = Source();
        while (true)
        {
            if (Is("natural")) throw new SqlSyntaxException("A natural join joins by whatever columns happen to exist.");
            JoinKind kind;
            var cross = false;
            if (TryTake("cross")) (kind, cross) = (JoinKind.Inner, true);
            else if (TryTake("inner") || Is("join")) kind = JoinKind.Inner;
            else if (TryTake("left")) kind = JoinKind.Left;
            else if (TryTake("right")) kind = JoinKind.Right;
            else if (TryTake("full")) kind = JoinKind.Full;
            else return item;
            TryTake("outer");
            Take("join");
            var right = Source();
            if (cross) item = new Join(kind, item, right, null, []);
            else if (TryTake("using")) item = new Join(kind, item, right, null, Names());
            else
            {
                Take("on");
                item = new Join(kind, item, right, Expression(), []);
            }
        }
    }

    private FromItem Source()
    {
        TryTake("lateral");
        if (TryTake("("))
        {
            if (!Is("select") && !Is("with") && !Is("values"))
            {
                var inner = From();
                Take(")");
                return inner;
            }
            var query = Query(With());
            Take(")");
            TryTake("as");
            var alias = Name();
            return new DerivedTable(query, alias, Is("(") ? Names() : []);
        }
        if (Is("(", 1))
        {
            var name = Name();
            Take("(");
            var arguments = Is(")") ? [] : Expressions();
            Take(")");
            var alias = TryTake("as") || (Current.Kind == TokenKind.Word && !Reserved.Contains(Current.Text)) ? Name() : name;
            return new TableFunction(arguments, alias);
        }
        if (TryTake("information_schema"))
        {
            Take(".");
            Name();
            return new TableName("information_schema", TryTake("as") || (Current.Kind == TokenKind.Word && !Reserved.Contains(Current.Text)) ? Name() : "information_schema");
        }
        if (Is(".", 1)) throw new SqlSyntaxException("A table's schema is the connection's business.");
        return Table();
    }

    private List<SqlExpression> Ordering()
    {
        List<SqlExpression> order = [];
        do
        {
            order.Add(Expression());
            if (!TryTake("asc")) TryTake("desc");
            if (TryTake("nulls") && !TryTake("first")) Take("last");
        }
        while (TryTake(","));
        return order;
    }
}
