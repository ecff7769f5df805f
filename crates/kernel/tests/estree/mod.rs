//! Our tree in the shape of ESTree, one node a line: `depth Type start-end details`.

use allcores_kernel::syntax::ast::*;
use allcores_kernel::syntax::{Parsed, parse_as_written, span::Span};
use std::fmt::Write as _;

/// The tree as acorn and oxc have it, or the words of the refusal.
pub(crate) fn dump(source: &str) -> Result<String, String> {
    let Parsed { tree, .. } = parse_as_written(source).map_err(|d| d.what.into_owned())?;
    let mut dump = Dump { tree: &tree, source, out: String::new(), depth: 0 };
    dump.root();
    Ok(dump.out)
}

struct Dump<'t> {
    tree: &'t Tree,
    source: &'t str,
    out: String,
    depth: usize,
}

impl Dump<'_> {
    fn node(&mut self, kind: &str, span: Span, details: &str, children: impl FnOnce(&mut Self)) {
        let _ = write!(self.out, "{} {kind} {}-{}", self.depth, span.start, span.end);
        if !details.is_empty() {
            let _ = write!(self.out, " {details}");
        }
        self.out.push('\n');
        self.depth += 1;
        children(self);
        self.depth -= 1;
    }

    fn leaf(&mut self, kind: &str, span: Span, details: &str) {
        self.node(kind, span, details, |_| {});
    }

    fn none(&mut self) {
        let _ = writeln!(self.out, "{} null", self.depth);
    }

    fn root(&mut self) {
        let function = &self.tree[self.tree.root];
        if function.kind != FunctionKind::Method {
            return self.function(self.tree.root);
        }
        let details = flags(&[("async", function.is_async), ("generator", function.is_generator)]);
        self.node("Method", function.span, &details, |d| {
            d.key(&function.key.expect("a method has a key"));
            d.function_parts(function);
        });
    }

    fn function(&mut self, id: FunctionId) {
        let function = &self.tree[id];
        let kind = match function.kind {
            FunctionKind::Arrow => "ArrowFunctionExpression",
            FunctionKind::Declaration => "FunctionDeclaration",
            FunctionKind::Expression | FunctionKind::Method => "FunctionExpression",
        };
        let details = flags(&[("async", function.is_async), ("generator", function.is_generator)]);
        self.node(kind, function.span, &details, |d| {
            d.identifier(function.name);
            d.function_parts(function);
        });
    }

    fn function_parts(&mut self, function: &Function) {
        function.params.iter().for_each(|id| self.pattern(*id));
        match &function.body {
            Body::Expr(id) => self.expr(*id),
            Body::Block { span, stmts } => {
                self.node("BlockStatement", *span, "", |d| stmts.iter().for_each(|id| d.stmt(*id)));
            }
        }
    }

    fn identifier(&mut self, identifier: Option<Identifier>) {
        match identifier {
            Some(id) => self.leaf("Identifier", id.span, self.tree.name(id.name)),
            None => self.none(),
        }
    }

    fn key(&mut self, key: &PropertyKey) {
        match key {
            PropertyKey::Name(name, span) => self.leaf("Identifier", *span, self.tree.name(*name)),
            PropertyKey::Private(name, span) => self.leaf("PrivateIdentifier", *span, self.tree.name(*name)),
            PropertyKey::Literal(id) | PropertyKey::Computed(id) => self.expr(*id),
        }
    }

    fn optional(&mut self, id: Option<ExprId>) {
        match id {
            Some(id) => self.expr(id),
            None => self.none(),
        }
    }

    fn elements(&mut self, elements: &[Element]) {
        for element in elements {
            match *element {
                Element::Expr(id) => self.expr(id),
                Element::Spread(span, id) => self.node("SpreadElement", span, "", |d| d.expr(id)),
            }
        }
    }

    fn template(&mut self, template: &Template) {
        self.node("TemplateLiteral", template.span, "", |d| {
            template.texts.iter().for_each(|text| d.leaf("TemplateElement", *text, ""));
            template.values.iter().for_each(|id| d.expr(*id));
        });
    }

    fn expr(&mut self, id: ExprId) {
        let Expr { span, kind } = &self.tree[id];
        let span = *span;
        match kind {
            ExprKind::Number(value) => self.leaf("Literal", span, &format!("{:016x}", value.to_bits())),
            ExprKind::Bool(value) => self.leaf("Literal", span, &value.to_string()),
            ExprKind::Null => self.leaf("Literal", span, "null"),
            ExprKind::String(value) => {
                let hex: String = value.bytes().map(|b| format!("{b:02x}")).collect();
                self.leaf("Literal", span, &format!("s{hex}"));
            }
            ExprKind::Name(name) => self.leaf("Identifier", span, self.tree.name(*name)),
            ExprKind::Array(items) => self.node("ArrayExpression", span, "", |d| {
                for item in items {
                    match item {
                        Some(item) => d.elements(&[*item]),
                        None => d.none(),
                    }
                }
            }),
            ExprKind::Function(id) => self.function(*id),
            ExprKind::Unary { op, operand } => {
                self.node("UnaryExpression", span, op.text(), |d| d.expr(*operand));
            }
            ExprKind::Update { op, prefix, target } => {
                let details = format!("{}{}", op.text(), if *prefix { " prefix" } else { "" });
                self.node("UpdateExpression", span, &details, |d| d.expr(*target));
            }
            ExprKind::Binary { op, left, right } => self.node("BinaryExpression", span, op.text(), |d| {
                d.expr(*left);
                d.expr(*right);
            }),
            ExprKind::Logical { op, left, right } => self.node("LogicalExpression", span, op.text(), |d| {
                d.expr(*left);
                d.expr(*right);
            }),
            ExprKind::Assign { op, target, value } => {
                let op = match op {
                    AssignOp::Assign => "=".to_owned(),
                    AssignOp::Binary(op) => format!("{}=", op.text()),
                    AssignOp::Logical(op) => format!("{}=", op.text()),
                };
                self.node("AssignmentExpression", span, &op, |d| {
                    d.pattern(*target);
                    d.expr(*value);
                });
            }
            ExprKind::Conditional { test, yes, no } => self.node("ConditionalExpression", span, "", |d| {
                [test, yes, no].into_iter().for_each(|id| d.expr(*id));
            }),
            ExprKind::Call { callee, args, optional } => {
                self.node("CallExpression", span, &flags(&[("optional", *optional)]), |d| {
                    d.expr(*callee);
                    d.elements(args);
                });
            }
            ExprKind::New { callee, args } => self.node("NewExpression", span, "", |d| {
                d.expr(*callee);
                d.elements(args);
            }),
            ExprKind::Member { object, property, property_span, optional } => {
                self.node("MemberExpression", span, &flags(&[("optional", *optional)]), |d| {
                    d.expr(*object);
                    d.leaf("Identifier", *property_span, d.tree.name(*property));
                });
            }
            ExprKind::Index { object, index, optional } => {
                self.node(
                    "MemberExpression",
                    span,
                    &flags(&[("computed", true), ("optional", *optional)]),
                    |d| {
                        d.expr(*object);
                        d.expr(*index);
                    },
                );
            }
            ExprKind::Sequence(list) => {
                self.node("SequenceExpression", span, "", |d| list.iter().for_each(|id| d.expr(*id)));
            }
            ExprKind::Foreign(foreign) => self.foreign(span, foreign),
            ExprKind::Removed => panic!("a removed node is part of the tree"),
        }
    }

    fn foreign(&mut self, span: Span, foreign: &Foreign) {
        match foreign {
            Foreign::BigInt => self.leaf("Literal", span, "bigint"),
            Foreign::Regex => self.leaf("Literal", span, "regex"),
            Foreign::Template(template) => match template.tag {
                Some(tag) => self.node("TaggedTemplateExpression", span, "", |d| {
                    d.expr(tag);
                    d.template(template);
                }),
                None => self.template(template),
            },
            Foreign::This => self.leaf("ThisExpression", span, ""),
            Foreign::Super => self.leaf("Super", span, ""),
            Foreign::Meta => self.leaf("MetaProperty", span, ""),
            Foreign::Import(args) => {
                self.node("ImportExpression", span, "", |d| args.iter().for_each(|id| d.expr(*id)));
            }
            Foreign::Object(properties) => self.node("ObjectExpression", span, "", |d| {
                properties.iter().for_each(|property| d.property(property));
            }),
            Foreign::Class(id) => self.class("ClassExpression", *id),
            Foreign::Await(id) => self.node("AwaitExpression", span, "", |d| d.expr(*id)),
            Foreign::Yield(value, delegate) => {
                self.node("YieldExpression", span, &flags(&[("delegate", *delegate)]), |d| {
                    d.optional(*value);
                });
            }
            Foreign::PrivateMember(object, name, optional) => {
                self.node("MemberExpression", span, &flags(&[("optional", *optional)]), |d| {
                    d.expr(*object);
                    let text = d.tree.name(*name);
                    let start = d.source[..span.end as usize].rfind('#').expect("it starts with #") as u32;
                    d.leaf("PrivateIdentifier", Span::new(start, span.end), text);
                });
            }
            Foreign::PrivateName(name) => self.leaf("PrivateIdentifier", span, self.tree.name(*name)),
            Foreign::Chain(id) => self.node("ChainExpression", span, "", |d| d.expr(*id)),
        }
    }

    fn property(&mut self, property: &Property) {
        match &property.kind {
            PropertyKind::Spread(id) => self.node("SpreadElement", property.span, "", |d| d.expr(*id)),
            PropertyKind::Value { key, value, kind, method, shorthand, .. } => {
                let computed = matches!(key, PropertyKey::Computed(_));
                let rest = flags(&[("computed", computed), ("method", *method), ("shorthand", *shorthand)]);
                self.node("Property", property.span, format!("{kind} {rest}").trim_end(), |d| {
                    d.key(key);
                    d.expr(*value);
                });
            }
        }
    }

    fn pattern(&mut self, id: PatternId) {
        let Pattern { span, kind } = &self.tree[id];
        match kind {
            PatternKind::Name(name) => self.leaf("Identifier", *span, self.tree.name(*name)),
            PatternKind::Expr(id) => self.expr(*id),
            PatternKind::Array(items) => self.node("ArrayPattern", *span, "", |d| {
                for item in items {
                    match item {
                        Some(id) => d.pattern(*id),
                        None => d.none(),
                    }
                }
            }),
            PatternKind::Object { properties, rest } => self.node("ObjectPattern", *span, "", |d| {
                for PatternProperty { span, key, value, shorthand } in properties {
                    let computed = matches!(key, PropertyKey::Computed(_));
                    let rest = flags(&[("computed", computed), ("shorthand", *shorthand)]);
                    d.node("Property", *span, format!("init {rest}").trim_end(), |d| {
                        d.key(key);
                        d.pattern(*value);
                    });
                }
                rest.iter().for_each(|id| d.pattern(*id));
            }),
            PatternKind::Default { target, value } => self.node("AssignmentPattern", *span, "", |d| {
                d.pattern(*target);
                d.expr(*value);
            }),
            PatternKind::Rest(id) => self.node("RestElement", *span, "", |d| d.pattern(*id)),
        }
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let kind = match declaration.kind {
            DeclarationKind::Var => "var",
            DeclarationKind::Let => "let",
            DeclarationKind::Const => "const",
        };
        self.node("VariableDeclaration", declaration.span, kind, |d| {
            for declarator in &declaration.declarators {
                d.node("VariableDeclarator", declarator.span, "", |d| {
                    d.pattern(declarator.target);
                    d.optional(declarator.init);
                });
            }
        });
    }

    fn for_head(&mut self, head: &ForHead) {
        match head {
            ForHead::Declare(declaration) => self.declaration(declaration),
            ForHead::Pattern(id) => self.pattern(*id),
        }
    }

    fn optional_stmt(&mut self, id: Option<StmtId>) {
        match id {
            Some(id) => self.stmt(id),
            None => self.none(),
        }
    }

    fn stmt(&mut self, id: StmtId) {
        let Stmt { span, kind } = &self.tree[id];
        let span = *span;
        match kind {
            StmtKind::Empty => self.leaf("EmptyStatement", span, ""),
            StmtKind::Expr(id) => self.node("ExpressionStatement", span, "", |d| d.expr(*id)),
            StmtKind::Directive(id) => self.node("ExpressionStatement", span, "directive", |d| d.expr(*id)),
            StmtKind::Declare(declaration) => self.declaration(declaration),
            StmtKind::Function(id) => self.function(*id),
            StmtKind::Block(stmts) => {
                self.node("BlockStatement", span, "", |d| stmts.iter().for_each(|id| d.stmt(*id)));
            }
            StmtKind::If { test, yes, no } => self.node("IfStatement", span, "", |d| {
                d.expr(*test);
                d.stmt(*yes);
                d.optional_stmt(*no);
            }),
            StmtKind::For { init, test, update, body } => self.node("ForStatement", span, "", |d| {
                match init {
                    Some(ForInit::Declare(declaration)) => d.declaration(declaration),
                    Some(ForInit::Expr(id)) => d.expr(*id),
                    None => d.none(),
                }
                d.optional(*test);
                d.optional(*update);
                d.stmt(*body);
            }),
            StmtKind::ForOf { head, iterable, body, is_await } => {
                self.node("ForOfStatement", span, &flags(&[("await", *is_await)]), |d| {
                    d.for_head(head);
                    d.expr(*iterable);
                    d.stmt(*body);
                });
            }
            StmtKind::While { test, body } => self.node("WhileStatement", span, "", |d| {
                d.expr(*test);
                d.stmt(*body);
            }),
            StmtKind::DoWhile { body, test } => self.node("DoWhileStatement", span, "", |d| {
                d.stmt(*body);
                d.expr(*test);
            }),
            StmtKind::Break(label) => self.node("BreakStatement", span, "", |d| d.identifier(*label)),
            StmtKind::Continue(label) => self.node("ContinueStatement", span, "", |d| d.identifier(*label)),
            StmtKind::Return(value) => self.node("ReturnStatement", span, "", |d| d.optional(*value)),
            StmtKind::Labeled { label, body } => self.node("LabeledStatement", span, "", |d| {
                d.identifier(Some(*label));
                d.stmt(*body);
            }),
            StmtKind::Switch { subject, cases } => self.node("SwitchStatement", span, "", |d| {
                d.expr(*subject);
                for case in cases {
                    d.node("SwitchCase", case.span, "", |d| {
                        d.optional(case.test);
                        case.stmts.iter().for_each(|id| d.stmt(*id));
                    });
                }
            }),
            StmtKind::Foreign(foreign) => self.foreign_stmt(span, foreign),
        }
    }

    fn foreign_stmt(&mut self, span: Span, foreign: &ForeignStmt) {
        match foreign {
            ForeignStmt::ForIn { head, object, body } => self.node("ForInStatement", span, "", |d| {
                d.for_head(head);
                d.expr(*object);
                d.stmt(*body);
            }),
            ForeignStmt::Throw(id) => self.node("ThrowStatement", span, "", |d| d.expr(*id)),
            ForeignStmt::Try { block, handler, finalizer } => self.node("TryStatement", span, "", |d| {
                d.stmt(*block);
                match handler {
                    Some((span, parameter, body)) => d.node("CatchClause", *span, "", |d| {
                        match parameter {
                            Some(id) => d.pattern(*id),
                            None => d.none(),
                        }
                        d.stmt(*body);
                    }),
                    None => d.none(),
                }
                d.optional_stmt(*finalizer);
            }),
            ForeignStmt::With { object, body } => self.node("WithStatement", span, "", |d| {
                d.expr(*object);
                d.stmt(*body);
            }),
            ForeignStmt::Debugger => self.leaf("DebuggerStatement", span, ""),
            ForeignStmt::Class(id) => self.class("ClassDeclaration", *id),
        }
    }

    fn class(&mut self, kind: &str, id: ClassId) {
        let class = &self.tree[id];
        self.node(kind, class.span, "", |d| {
            d.identifier(class.name);
            d.optional(class.parent);
            d.node("ClassBody", class.body_span, "", |d| {
                class.members.iter().for_each(|member| d.member(member));
            });
        });
    }

    fn member(&mut self, member: &ClassMember) {
        let details = |key: &PropertyKey| {
            flags(&[("computed", matches!(key, PropertyKey::Computed(_))), ("static", member.is_static)])
        };
        match &member.kind {
            ClassMemberKind::Method { key, kind, value } => {
                self.node(
                    "MethodDefinition",
                    member.span,
                    format!("{kind} {}", details(key)).trim_end(),
                    |d| {
                        d.key(key);
                        d.expr(*value);
                    },
                );
            }
            ClassMemberKind::Field { key, value } => {
                self.node("PropertyDefinition", member.span, &details(key), |d| {
                    d.key(key);
                    d.optional(*value);
                });
            }
            ClassMemberKind::StaticBlock(stmts) => {
                self.node("StaticBlock", member.span, "", |d| stmts.iter().for_each(|id| d.stmt(*id)));
            }
        }
    }
}

fn flags(flags: &[(&str, bool)]) -> String {
    flags.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}
