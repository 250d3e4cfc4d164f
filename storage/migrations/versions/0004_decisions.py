"""Decisions frozen with their hash, accepted costs, reasons and letters"""

import sqlalchemy as sa
from alembic import op

import storage.types


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('decision_files',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_decision_files'))
    )
    op.create_table('decision_phrases',
    sa.Column('call_id', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('fi', sa.Text(), nullable=False),
    sa.Column('sv', sa.Text(), nullable=False),
    sa.Column('changed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_at', storage.types.Utc(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_decision_phrases_call_id_calls')),
    sa.ForeignKeyConstraint(['changed_by'], ['accounts.id'], name=op.f('fk_decision_phrases_changed_by_accounts')),
    sa.PrimaryKeyConstraint('call_id', 'key', name=op.f('pk_decision_phrases'))
    )
    op.create_table('letter_templates',
    sa.Column('call_id', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('uploaded_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('uploaded_at', storage.types.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_letter_templates_call_id_calls')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['accounts.id'], name=op.f('fk_letter_templates_uploaded_by_accounts')),
    sa.PrimaryKeyConstraint('call_id', 'language', name=op.f('pk_letter_templates'))
    )
    op.create_table('ranking_locks',
    sa.Column('call_id', sa.Text(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('locked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('locked_at', storage.types.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_ranking_locks_call_id_calls')),
    sa.ForeignKeyConstraint(['locked_by'], ['accounts.id'], name=op.f('fk_ranking_locks_locked_by_accounts')),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_ranking_locks'))
    )
    op.create_table('accepted_costs',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('application_version', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.BigInteger(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('set_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('set_at', storage.types.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_accepted_costs_application_id_applications')),
    sa.ForeignKeyConstraint(['set_by'], ['accounts.id'], name=op.f('fk_accepted_costs_set_by_accounts')),
    sa.PrimaryKeyConstraint('application_id', 'category', name=op.f('pk_accepted_costs'))
    )
    with op.batch_alter_table('accepted_costs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accepted_costs_application_id'), ['application_id'], unique=False)

    op.create_table('decision_reasons',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drafted', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_at', storage.types.Utc(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_decision_reasons_application_id_applications')),
    sa.ForeignKeyConstraint(['changed_by'], ['accounts.id'], name=op.f('fk_decision_reasons_changed_by_accounts')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_decision_reasons'))
    )
    op.create_table('decisions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('call_id', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('previous_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('scenario_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('snapshot', sa.Text(), nullable=False),
    sa.Column('proposal_hash', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('granted', sa.BigInteger(), nullable=False),
    sa.Column('proposed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('proposed_at', storage.types.Utc(timezone=True), nullable=False),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', storage.types.Utc(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_decisions_call_id_calls')),
    sa.ForeignKeyConstraint(['closed_by'], ['accounts.id'], name=op.f('fk_decisions_closed_by_accounts')),
    sa.ForeignKeyConstraint(['previous_id'], ['decisions.id'], name=op.f('fk_decisions_previous_id_decisions')),
    sa.ForeignKeyConstraint(['proposed_by'], ['accounts.id'], name=op.f('fk_decisions_proposed_by_accounts')),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenarios.id'], name=op.f('fk_decisions_scenario_id_scenarios')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decisions_previous_id'), ['previous_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_scenario_id'), ['scenario_id'], unique=False)
        for state, columns in (('approved', ['call_id', 'number']), ('proposed', ['call_id'])):
            where = sa.text(f"state = '{state}'")
            batch_op.create_index(
                f'uq_decisions_{state}', columns, unique=True, sqlite_where=where, postgresql_where=where
            )

    _close_what_is_frozen()


_FROZEN = {
    "decisions_approved": ("decisions", "UPDATE", "OLD.state <> 'proposed'", "a closed decision never changes"),
    "decisions_kept": ("decisions", "DELETE", "", "a decision is never deleted"),
    "decision_files_same": ("decision_files", "UPDATE", "", "a frozen file never changes"),
    "decision_files_kept": ("decision_files", "DELETE", "", "a frozen file is never deleted"),
    "ranking_locks_same": ("ranking_locks", "UPDATE", "", "a locked ranking rule never changes"),
    "ranking_locks_kept": ("ranking_locks", "DELETE", "", "a locked ranking rule is never unlocked"),
}


def _close_what_is_frozen() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, verb, when, refusal) in _FROZEN.items():
        condition = f"WHEN ({when}) " if when else ""
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {condition}"
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW {condition}EXECUTE FUNCTION {name}()"
        )
        if verb == "DELETE":
            op.execute(
                f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )
