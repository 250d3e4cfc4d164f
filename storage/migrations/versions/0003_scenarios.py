"""Scenarios that are changed, copied and locked, and awards set by hand"""

import sqlalchemy as sa
from alembic import op

import storage.types


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added in place: SQLite cannot drop and copy a table that others refer to.
    with op.batch_alter_table('scenarios', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('changed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('changed_at', storage.types.Utc(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('locked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('locked_at', storage.types.Utc(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('copied_from', sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column('rest', sa.Text(), server_default=sa.text("'kept'"), nullable=False))
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False))

    op.create_table('scenario_awards_by_hand',
    sa.Column('scenario_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('granted', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('set_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('set_at', storage.types.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_scenario_awards_by_hand_application_id_applications')),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenarios.id'], name=op.f('fk_scenario_awards_by_hand_scenario_id_scenarios')),
    sa.ForeignKeyConstraint(['set_by'], ['accounts.id'], name=op.f('fk_scenario_awards_by_hand_set_by_accounts')),
    sa.PrimaryKeyConstraint('scenario_id', 'application_id', name=op.f('pk_scenario_awards_by_hand'))
    )
    with op.batch_alter_table('scenario_awards_by_hand', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scenario_awards_by_hand_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_scenario_awards_by_hand_scenario_id'), ['scenario_id'], unique=False)
