namespace Gatehouse.Architecture.Sql;

internal sealed partial class SqlParser
{
    private static readonly OtherExpression Nothing = new([]);
    private static readonly string[] Comparisons = ["=", "==", "<>", "!=", "<=", ">=", "<", ">"];
    private static readonly string[] Operators = ["||", "+", "-", "*", "/", "%", "->>", "->", "@>", "<@", "&", "|", "<<", ">>", "#"];

    private List<SqlExpression> Expressions()
    {
        List<SqlExpression> items = [];
        do items.Add(Expression());
        while (TryTake(","));
        return items;
    }

    private SqlExpression Expression()
    {
        var left = Conjunction();
        while (TryTake("or")) left = new BinaryExpression("or", left, Conjunction());
        return left;
    }

    private SqlExpression Conjunction()
    {
        var left = Negation();
        while (TryTake("and")) left = new BinaryExpression("and", left, Negation());
        return left;
    }

    private SqlExpression Negation() => TryTake("not") ? new OtherExpression([Negation()]) : Predicate();

    private SqlExpression Predicate()
    {
        var left = Operand();
        while (true)
        {
            if (Array.Find(Comparisons, c => Is(c)) is { } comparison)
            {
                at++;
                var quantified = TryTake("any") || TryTake("all");
                var right = Operand();
                left = quantified ? new OtherExpression([left, right]) : new BinaryExpression(comparison == "==" ? "=" : comparison, left, right);
            }
            else if (TryTake("is")) left = new OtherExpression([left, IsWhat()]);
            else if (TryTake("isnull") || TryTake("notnull")) left = new OtherExpression([left]);
            else if (Is("not") && (Is("in", 1) || Is("like", 1) || Is("between", 1) || Is("ilike", 1) || Is("glob", 1)))
            {
                at++;
                left = Tested(left);
            }
            else if (Is("in") || Is("like") || Is("between") || Is("ilike") || Is("glob")) left = Tested(left);
            else return left;
        }
    }

    private SqlExpression IsWhat()
    {
        TryTake("not");
        if (TryTake("null") || TryTake("true") || TryTake("false")) return Nothing;
        if (TryTake("distinct")) Take("from");
        return Operand();
    }

    private OtherExpression Tested(SqlExpression left)
    {
        if (TryTake("between"))
        {
            var low = Operand();
            Take("and");
            return new([left, low, Operand()]);
        }
        if (TryTake("in"))
        {
            Take("(");
            SqlExpression inner = Is("select") || Is("with") || Is("values") ? new NestedQuery(Query(With())) : new RowValue(Is(")") ? [] : Expressions());
            Take(")");
            return new([left, inner]);
        }
        at++;
        var pattern = Operand();
        return TryTake("escape") ? new([left, pattern, Operand()]) : new([left, pattern]);
    }

    // All operators that bind closer than a comparison; their order among themselves changes no conclusion.
    private SqlExpression Operand()
    {
        var left = Unary();
        while (Array.Exists(Operators, o => Is(o)))
        {
            at++;
            left = new OtherExpression([left, Unary()]);
        }
        return left;
    }

    private SqlExpression Unary() => TryTake("-") || TryTake("+") || TryTake("~") ? new OtherExpression([Unary()]) : Postfix();

    private SqlExpression Postfix()
    {
        var value = Primary();
        while (true)
        {
            if (TryTake("::")) { Type(); value = new OtherExpression([value]); }
            else if (TryTake("collate")) { Name(); value = new OtherExpression([value]); }
            else return value;
        }
    }

    private SqlExpression Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Text or TokenKind.Number:
                at++;
                return Nothing;
            case TokenKind.Parameter:
                at++;
                return new ParameterName(token.Text);
        }
        if (TryTake("("))
        {
            SqlExpression inner = Is("select") || Is("with") || Is("values") ? new NestedQuery(Query(With())) : new RowValue(Expressions());
            Take(")");
            return inner is RowValue { Items: [var only] } ? only : inner;
        }
        if (TryTake("exists"))
        {
            Take("(");
            var query = Query(With());
            Take(")");
            return new OtherExpression([new NestedQuery(query)]);
        }
        if (TryTake("case")) return Case();
        if (TryTake("cast"))
        {
            Take("(");
            var value = Expression();
            Take("as");
            Type();
            Take(")");
            return new OtherExpression([value]);
        }
        if (TryTake("null") || TryTake("true") || TryTake("false")) return Nothing;
        // left() and right() are functions where a value is expected.
        if (token.Kind == TokenKind.Word && Is("(", 1) && (token.Text is "left" or "right" || !Reserved.Contains(token.Text))) return Call();
        var name = Name();
        return TryTake(".") ? new ColumnName(name, Name()) : new ColumnName(null, name);
    }

    private OtherExpression Case()
    {
        List<SqlExpression> parts = [];
        if (!Is("when")) parts.Add(Expression());
        while (TryTake("when"))
        {
            parts.Add(Expression());
            Take("then");
            parts.Add(Expression());
        }
        if (TryTake("else")) parts.Add(Expression());
        Take("end");
        return new(parts);
    }

    private OtherExpression Call()
    {
        at++;
        Take("(");
        List<SqlExpression> parts = [];
        TryTake("distinct");
        if (!TryTake("*") && !Is(")")) parts.AddRange(Expressions());
        if (TryTake("order")) { Take("by"); parts.AddRange(Ordering()); }
        Take(")");
        if (TryTake("filter"))
        {
            Take("(");
            Take("where");
            parts.Add(Expression());
            Take(")");
        }
        if (TryTake("over"))
        {
            Take("(");
            if (TryTake("partition")) { Take("by"); parts.AddRange(Expressions()); }
            if (TryTake("order")) { Take("by"); parts.AddRange(Ordering()); }
            Take(")");
        }
        return new(parts);
    }

    private void Type()
    {
        do Name();
        while (Current.Kind == TokenKind.Word && Current.Text is "precision" or "varying" or "zone" or "time" or "without");
        if (!TryTake("(")) return;
        Expressions();
        Take(")");
    }
}
